-- expect: limit 7 "memory"
-- A string twice as long each time.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local s = "x"
  while true do s = s .. s end
end
return f
