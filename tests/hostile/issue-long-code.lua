-- expect: limit "steps"
-- A long line of code, written again and again into captures that are dropped.
--| ```
--|* 200000 x y
--| 
--| ```
local news = require "news"
local f = news.format { name = "hostile", extends = "text" }
f.code_block = "{{ literal }}"
function f.issue(issue, out)
  local code = issue.intro[1]
  while true do
    pcall(out.capture, out, function()
      out(code)
      error()
    end)
  end
end
return f
