-- expect: limit "steps"
-- An escape function that returns more than it is given.
local news = require "news"
local long = ("x "):rep(1 << 18)
local f = news.format { name = "hostile", extends = "text", escape = function() return long end }
function f.issue(issue, out)
  while true do
    pcall(out.capture, out, function()
      out("x")
      error()
    end)
  end
end
return f
