-- expect: limit "steps"
-- A long string and one more letter, thrown away.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local s = ("x"):rep(3 << 20)
  while true do local _ = s .. "y" end
end
return f
