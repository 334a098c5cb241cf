-- expect: limit 6 "memory"
-- A short string packed into a gigabyte.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local _ = string.pack("c1000000000", "x")
end
return f
