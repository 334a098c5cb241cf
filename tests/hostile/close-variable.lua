-- expect: script "non-closable"
-- Nothing of a script is called when a variable goes.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  local meta = {}
  local later = setmetatable({}, meta)
  meta.__close = function() while true do end end
  local _ <close> = later
end
return f
