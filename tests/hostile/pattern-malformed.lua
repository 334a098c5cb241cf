-- expect: script 6 "malformed pattern"
-- A set that is never closed.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local _ = ("a"):match("[a")
end
return f
