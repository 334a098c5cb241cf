-- expect: script
-- An error that is a number.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  error(42, 0)
end
return f
