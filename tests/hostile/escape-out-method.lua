-- expect: script "call it with a colon"
-- A method with another self.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  out.capture(issue)
end
return f
