-- expect: script "overflow"
-- One in the other in the other.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local function nest() return coroutine.wrap(nest)() end
  nest()
end
return f
