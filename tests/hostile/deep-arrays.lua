-- expect: script 8 "without end"
-- An array that holds itself.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  t[1] = t
  out(t)
end
return f
