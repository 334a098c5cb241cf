-- expect: limit 2 "steps"
while true do end
