-- expect: limit "steps"
-- A numeral that is long, if no longer than a line of text may be.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local s = ("0"):rep(2000)
  while true do local _ = s + 0 end
end
return f
