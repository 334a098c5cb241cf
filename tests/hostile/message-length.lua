-- expect: script 6 "'to' has not 0 to 100000 entries"
-- A length that a metatable made up, such that its bytes are none.
local news = require "news"
local f = news.format { name = "hostile", escape = "none", fill = false }
function f.issue(issue, out)
  out:message {
    from = "a@lamp.example", date = "2025-03-07", alternatives = { { "Text.", "text/plain" } },
    to = setmetatable({}, { __len = function() return -(1 << 60) end }),
  }
end
return f
