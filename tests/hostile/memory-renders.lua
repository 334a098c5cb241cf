-- expect: limit 8 "what is being written takes more than"
-- Renders inside one another, each of which holds what one may.
local news = require "news"
local f = news.format { name = "hostile", escape = "none", fill = false }
local text = ("x"):rep(250000)
function f.issue(issue, out)
  for _ = 1, 14 do
    out:capture(function() out:raw(text) end)
  end
  pcall(issue.render, issue, "hostile")
end
return f
