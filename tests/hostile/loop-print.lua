-- expect: limit "steps"
-- As much for the log as for ever.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do print(("x"):rep(100)) end
end
return f
