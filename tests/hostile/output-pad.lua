-- expect: limit
-- Columns to be counted.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local s = ("word "):rep(100000)
  while true do out:pad(s, 10) end
end
return f
