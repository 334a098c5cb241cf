-- expect: limit 6 "memory"
-- The separator counts.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local _ = (""):rep(1 << 30, ("x"):rep(1000))
end
return f
