-- expect: ok "200000"
-- No harm at all: an array is no table whose keys were chosen, however large it grows.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local t = {}
  for i = 1, 200000 do t[i] = i end
  out(tostring(#t))
end
return f
