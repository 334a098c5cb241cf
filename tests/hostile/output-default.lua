-- expect: limit "steps"
-- A long default, written again and again into captures that are dropped.
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
f.link = '{{ title or "' .. ("x "):rep(1 << 19) .. '" }}'
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
