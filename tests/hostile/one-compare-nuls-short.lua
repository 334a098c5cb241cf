-- expect: limit "steps"
-- The same with strings of a usual length.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local a, b = ("\0"):rep(1000) .. "a", ("\0"):rep(1000) .. "b"
  while true do local _ = a < b end
end
return f
