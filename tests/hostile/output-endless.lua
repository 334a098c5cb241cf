-- expect: limit 6 "output"
-- Output without end.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do out("words and words ") end
end
return f
