-- expect: limit "steps"
-- Short and slow.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local _ = ("a"):rep(60):find(("a*"):rep(20) .. "b")
end
return f
