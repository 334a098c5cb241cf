-- expect: limit
-- One choice of many thousands.
if x then
--* 30000 elseif(x)then;
end
