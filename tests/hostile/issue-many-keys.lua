-- expect: limit "steps"
-- The last of many keys.
--| ---
--|* 20000 k%d: v\n
--| last: x
--| ---
--| 
--| Text.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local meta = issue.meta
  while true do local _ = meta.last end
end
return f
