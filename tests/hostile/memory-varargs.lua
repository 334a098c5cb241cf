-- expect: limit
-- Ever more arguments.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local function grow(...) return grow(1, 2, 3, 4, 5, 6, 7, 8, ...) end
  grow()
end
return f
