-- expect: limit
-- What is captured and kept.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local kept = {}
  while true do kept[#kept + 1] = out:capture(issue.children) end
end
return f
