-- expect: limit 6 "memory"
-- More than there is, at once.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local _ = ("x"):rep(1 << 40)
end
return f
