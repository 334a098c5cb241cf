-- expect: script 3 "nothing"
-- Nothing at all.
return
