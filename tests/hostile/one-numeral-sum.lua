-- expect: limit "steps"
-- The same in a sum.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local s = ("0"):rep(5 << 20)
  while true do local _ = s + 1 end
end
return f
