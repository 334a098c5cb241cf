-- expect: limit "steps"
-- Each may be there or not.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local _ = ("a"):rep(30):match(("a?"):rep(30) .. ("a"):rep(30) .. "b")
end
return f
