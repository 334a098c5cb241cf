-- expect: limit "steps"
-- In the renderer of what was queued.
local news = require "news"
local f = news.format { name = "hostile", extends = "text", links = "end" }
function f.links() while true do end end
return f
