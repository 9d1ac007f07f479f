"""plan-registry: the plan, its implementation plans and their actions, Members, baselines, focus areas."""
