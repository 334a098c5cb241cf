-- expect: limit "memory"
-- One string a thousand times.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local s, t = ("x"):rep(100000), {}
  for i = 1, 1000 do t[i] = s end
  local _ = table.concat(t)
end
return f
