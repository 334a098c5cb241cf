-- expect: limit 4
-- A template of nothing but braces, over and over.
local f = require "news".format { name = "hostile", extends = "html" }
while true do f.paragraph = ("{{ children }}"):rep(50000) end
