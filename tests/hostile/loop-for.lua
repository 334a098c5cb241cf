-- expect: limit 6 "steps"
-- More rounds than there are seconds.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  for _ = 1, math.maxinteger do end
end
return f
