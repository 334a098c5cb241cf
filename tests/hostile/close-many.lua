-- expect: limit "steps"
-- A thousand of them, one inside the other.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local meta = {}
  local later = setmetatable({}, meta)
  meta.__close = function() while true do end end
  local function nest(n)
    local guard <close> = later
    if n == 0 then while true do end end
    nest(n - 1)
  end
  nest(150)
end
return f
