-- expect: limit
-- Each byte becomes four.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local s = ("\1"):rep(4 << 20)
  local _ = ("%q"):format(s)
end
return f
