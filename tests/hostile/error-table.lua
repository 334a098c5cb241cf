-- expect: script 6 "an error that is table"
-- An error that is no string.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  error({ why = "no" })
end
return f
