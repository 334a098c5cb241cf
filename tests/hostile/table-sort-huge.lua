-- expect: limit
-- A table that says it is large.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = setmetatable({}, {
    __len = function() return 1 << 30 end,
    __index = function() return 1 end,
  })
  table.sort(t)
end
return f
