-- expect: limit "steps"
-- Room made at the front of a table that says it is large.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = setmetatable({}, { __len = function() return 1 << 40 end })
  table.insert(t, 1, 1)
end
return f
