-- expect: limit "bytes of memory"
-- A line of pieces that may be broken and pieces that may not.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do out:whole("a")("b") end
end
return f
