-- expect: limit "steps"
-- Three hundred digits before the point and ninety-nine after it.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  while true do local _ = ("%.99f"):format(1.7976931348623157e308) end
end
return f
