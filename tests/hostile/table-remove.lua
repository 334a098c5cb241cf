-- expect: limit "steps"
-- The same, taken away.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = setmetatable({}, { __len = function() return 1 << 40 end })
  table.remove(t, 1)
end
return f
