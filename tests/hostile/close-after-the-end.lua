-- expect: limit "steps"
-- A to-be-closed variable wants to go on when all is spent.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local meta = {}
  local later = setmetatable({}, meta)
  meta.__close = function() while true do end end
  while true do
    local guard <close> = later
    while true do end
  end
end
return f
