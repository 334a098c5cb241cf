-- expect: limit "steps"
-- Numbers that take long to be written out.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local x = 1.7976931348623157e308
  while true do local _ = x .. x .. x .. x .. x .. x .. x .. x end
end
return f
