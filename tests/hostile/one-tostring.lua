-- expect: limit "steps"
-- Numbers, written out.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do local _ = tostring(1.7976931348623157e308) end
end
return f
