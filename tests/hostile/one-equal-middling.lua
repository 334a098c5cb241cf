-- expect: limit "steps"
-- Not so long, but often.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local a, b = ("x"):rep(30000), ("x"):rep(29999) .. "x"
  while true do local _ = a == b end
end
return f
