-- expect: limit "steps"
-- A long address, written again and again into captures that are dropped.
--|* 1 [a](https://a.example/
--|* 1000000 y
--| )
local news = require "news"
local f = news.format { name = "hostile", extends = "html" }
function f.issue(issue, out)
  local link = issue.links[1]
  while true do
    pcall(out.capture, out, function()
      out(link)
      error()
    end)
  end
end
return f
