-- expect: limit "steps"
-- Ends when nothing does.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local n = 0
  repeat n = n + 1 until n < 0
end
return f
