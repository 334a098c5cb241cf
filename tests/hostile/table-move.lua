-- expect: limit 6 "steps"
-- Nothing, moved a quintillion times.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  table.move({}, 1, math.maxinteger - 1, 2)
end
return f
