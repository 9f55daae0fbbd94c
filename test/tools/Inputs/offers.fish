# Prints what fish offers for each of the lines behind the file of completions.
source $argv[1]
for line in $argv[2..-1]
    complete -C $line
end
