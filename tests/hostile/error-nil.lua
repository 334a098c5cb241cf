-- expect: script 6
-- An error that is nothing.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  error()
end
return f
