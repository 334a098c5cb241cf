-- expect: script "too complex"
-- Two hundred items that may each be longer.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local _ = ("a"):rep(300):match(("a-"):rep(250) .. "b")
end
return f
