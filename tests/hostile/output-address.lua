-- expect: limit "steps"
-- An address of many parts.
local news = require "news"
local f = news.format { name = "hostile", extends = "html" }
function f.issue(issue, out)
  out:raw('<a href="')
  while true do out("a") end
end
return f
