"""Stand-in."""
def sentence(problem):
    return f"{problem.where}: {problem.code}"
