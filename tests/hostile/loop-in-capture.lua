-- expect: limit "steps"
-- With captures, prefixes and lines begun.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
function f.issue(issue, out)
  out:capture(function()
    out:prefix("> ", function() out:line(function() while true do end end) end)
  end)
end
return f
